// One language's files, `/src/timer/locales/en.ts` and the like, under the names of their folders.
export type Texts = { [key: string]: string | Texts }

export function byFolder(files: Record<string, unknown>): Texts {
  return Object.fromEntries(Object.entries(files).map(([file, texts]) => [file.split('/').at(-3) ?? file, texts as Texts]))
}
