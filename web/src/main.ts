import '@fontsource-variable/inter/wght.css'
import './style.css'
import { start } from '@/app/start'

await start()
