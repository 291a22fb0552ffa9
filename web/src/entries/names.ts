// An entry that was made without a network has an id of ours until the API gives it its own. Who holds the old one still finds it,
// and its row on the screen stays the same, with what is being typed there.
const given = new Map<string, string>()
const first = new Map<string, string>()

export function rename(ours: string, id: string) {
  given.set(ours, id)
  first.set(id, ours)
}

/** What it is called now. */
export const idNow = (id: string) => given.get(id) ?? id

/** The name that it keeps on the screen. */
export const rowName = (id: string) => first.get(id) ?? id
