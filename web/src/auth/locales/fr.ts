export default {
  expired: {
    title: 'Veuillez vous reconnecter',
    text: 'Votre session est terminée. Connectez-vous dans une seconde fenêtre : cette page reste telle quelle et votre saisie est conservée.',
    again: 'Se reconnecter',
    failed: "La connexion n'a pas abouti. Essayez encore une fois.",
  },
  zone: {
    title: 'Fuseau horaire',
    text: 'Vos journées sont celles de {zone}, et cet appareil est à {here}.',
    take: 'Utiliser {zone}',
    keep: 'Garder {zone}',
  },
}
