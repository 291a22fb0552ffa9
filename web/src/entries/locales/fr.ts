export default { title: 'Saisies' }
