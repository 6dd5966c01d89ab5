// npm run verify: installs what is missing, then scripts/verify.ts does the rest on the Node that the packages bring.
import { installThen } from './install.mjs'

await installThen('verify.ts')
