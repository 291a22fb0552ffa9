export default { close: 'Schliessen', message: 'Meldung', messages: 'Meldungen ({hotkey})' }
