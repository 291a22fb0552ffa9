export default {
  expired: {
    title: 'Please log in again',
    text: 'Your session has ended. Log in in a second window: this page stays as it is, and what you typed is kept.',
    again: 'Log in again',
    failed: 'The login was not finished. Try once more.',
  },
  zone: {
    title: 'Time zone',
    text: 'Your days are those of {zone}, and this device is in {here}.',
    take: 'Use {zone}',
    keep: 'Stay with {zone}',
  },
}
