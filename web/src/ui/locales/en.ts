export default { close: 'Close', message: 'Message', messages: 'Messages ({hotkey})' }
