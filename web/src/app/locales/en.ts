export default {
  welcome: { text: 'Track your time and see where the week went.', login: 'Log in' },
  language: 'Language',
  logout: 'Log out',
  account: 'Account',
  more: 'More',
  navigation: 'Pages',
  skip: 'Skip to the page',
  theme: { title: 'Appearance', system: 'As the system', light: 'Light', dark: 'Dark' },
  group: { app: 'TimeTracker', go: 'Go to' },
  palette: { title: 'Commands', search: 'What would you like to do?', nothing: 'Nothing is called that.' },
  help: { title: 'Keyboard shortcuts' },
  nothing: { title: 'There is no such page', text: 'The address may be old or mistyped.', home: 'To your time entries' },
}
