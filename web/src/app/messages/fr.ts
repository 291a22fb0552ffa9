// All texts in this language, by the folder they are for.
import { byFolder } from './byFolder'

export default byFolder(import.meta.glob('/src/*/locales/fr.ts', { eager: true, import: 'default' }))
