// npm run up: installs what is missing, then scripts/up.ts does the rest on the Node that the packages bring.
import { installThen } from './install.mjs'

await installThen('up.ts')
