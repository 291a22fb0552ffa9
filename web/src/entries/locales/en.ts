export default { title: 'Time entries' }
