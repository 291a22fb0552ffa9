// Whether a name fits what was typed: every word of it, in any order, whatever the case and the accents.
const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

export function matches(name: string, typed: string): boolean {
  const text = plain(name)
  return plain(typed).split(/\s+/).every((word) => text.includes(word))
}

/** The same name for the API: names are unique whatever their case. */
export const sameName = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase()
