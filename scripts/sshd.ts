import { existsSync } from 'node:fs'
import { Problem } from './problem.ts'
import { installSystemPackage } from './system-package.ts'

/** Where Debian, Ubuntu and macOS have it; the tests of the SFTP drop look there. */
const sshd = '/usr/sbin/sshd'

export const hasSshd = (): boolean => existsSync(sshd)

/**
 * Asks the system's package manager for OpenSSH's server, which the tests start for themselves on a port of their own.
 * Where systemd runs, the package would also start one for the whole machine, open to the network: a person decides.
 */
export async function installSshd(): Promise<void> {
  const who = 'The tests of the SFTP drop need'
  const what = "OpenSSH's server"
  const byHand = 'run sudo apt-get install openssh-server, and try again'
  if (existsSync('/run/systemd/system'))
    throw new Problem(`${who} ${what}: ${byHand} (the package also starts it: sudo systemctl disable --now ssh).`)
  const advice = `install it so that ${sshd} is there, and try again`
  await installSystemPackage({ name: 'openssh-server', what, who, advice, byHand })
  if (!hasSshd()) throw new Problem(`The package openssh-server of this system brings no ${sshd}; ${advice}.`)
}
