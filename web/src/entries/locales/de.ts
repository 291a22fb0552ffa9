export default { title: 'Einträge' }
