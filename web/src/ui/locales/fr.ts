export default { close: 'Fermer', message: 'Message', messages: 'Messages ({hotkey})' }
