// What a form sends: only the fields that differ from what it began with. A field that nobody touched may hold less than what is
// stored (times without their seconds) or be changed elsewhere meanwhile.

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

export function changesOf<T extends object>(before: T, after: T): Partial<T> {
  return Object.fromEntries(Object.entries(after).filter(([field, value]) => !same(value, before[field as keyof T]))) as Partial<T>
}

export const isChanged = <T extends object>(before: T, after: T): boolean => Object.keys(changesOf(before, after)).length > 0
