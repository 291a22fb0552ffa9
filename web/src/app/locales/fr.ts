export default {
  welcome: { text: 'Notez votre temps et voyez où la semaine est passée.', login: 'Se connecter' },
  language: 'Langue',
  logout: 'Se déconnecter',
  account: 'Compte',
  more: 'Plus',
  navigation: 'Pages',
  skip: 'Aller au contenu',
  theme: { title: 'Apparence', system: 'Comme le système', light: 'Clair', dark: 'Sombre' },
  group: { app: 'TimeTracker', go: 'Aller à' },
  palette: { title: 'Commandes', search: 'Que souhaitez-vous faire ?', nothing: 'Rien ne porte ce nom.' },
  help: { title: 'Raccourcis clavier' },
  nothing: { title: "Cette page n'existe pas", text: "L'adresse est peut-être ancienne ou mal saisie.", home: 'Vers vos saisies' },
}
