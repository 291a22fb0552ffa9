export default {
  welcome: { text: 'Halten Sie Ihre Zeit fest und sehen Sie, wo die Woche blieb.', login: 'Anmelden' },
  language: 'Sprache',
  logout: 'Abmelden',
  account: 'Konto',
  more: 'Mehr',
  navigation: 'Seiten',
  skip: 'Zum Inhalt',
  theme: { title: 'Darstellung', system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  group: { app: 'TimeTracker', go: 'Gehe zu' },
  palette: { title: 'Befehle', search: 'Was möchten Sie tun?', nothing: 'Nichts heisst so.' },
  help: { title: 'Tastenkürzel' },
  nothing: { title: 'Diese Seite gibt es nicht', text: 'Die Adresse ist vielleicht alt oder vertippt.', home: 'Zu Ihren Einträgen' },
}
