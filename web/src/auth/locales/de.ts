export default {
  expired: {
    title: 'Bitte melden Sie sich wieder an',
    text: 'Ihre Sitzung ist zu Ende. Melden Sie sich in einem zweiten Fenster an: Diese Seite bleibt, wie sie ist, und Ihre Eingaben bleiben erhalten.',
    again: 'Wieder anmelden',
    failed: 'Die Anmeldung wurde nicht abgeschlossen. Versuchen Sie es noch einmal.',
  },
  zone: {
    title: 'Zeitzone',
    text: 'Ihre Tage sind die von {zone}, dieses Gerät ist in {here}.',
    take: '{zone} verwenden',
    keep: 'Bei {zone} bleiben',
  },
}
