import type { Command } from 'commander'
import { eventsCommand } from './events-command.ts'
import { listenCommand } from './listen-command.ts'
import { loginCommands } from './login-command.ts'
import { logsCommand } from './logs-command.ts'
import type { DeveloperTools } from './tools.ts'
import { triggerCommand } from './trigger-command.ts'

/** What a merchant's developer runs. */
export const developerCommands = (tools: DeveloperTools): Command[] => [
  ...loginCommands(tools),
  listenCommand(tools),
  triggerCommand(tools),
  eventsCommand(tools),
  logsCommand(tools),
]
