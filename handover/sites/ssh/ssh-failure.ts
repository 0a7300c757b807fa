import { Failure } from '../../../functions/platform/failure.ts'

/** Where a command ran, for people. */
export interface RemotePlace {
  /** Name of the node. */
  node: string
  /** How it is logged in to: `admin@10.0.0.11`. */
  login: string
  /** The program that ran there. */
  program: string
}

/** What OpenSSH ends with when the failure is its own; a program that ends so says none of the words below. */
const ownFailure = 'exit 255'

const causes = [
  {
    words: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    what: 'shows another host key than before',
    hint: (login: string) =>
      `Find out why first: a machine that was made anew has a new key, and so has one that stands in for it. Then \`ssh-keygen -R ${hostOf(login)}\`, and log in once by hand.`,
  },
  {
    words: /Host key verification failed|host key is known/i,
    what: 'has a host key that is not known here',
    hint: (login: string) =>
      `Log in once by hand (\`ssh ${login}\`), compare the fingerprint with the one on the machine's console, and run this again.`,
  },
  {
    words: /Permission denied \(|Too many authentication failures/,
    what: 'does not let this key in',
    hint: (login: string) =>
      `Let \`ssh ${login}\` work without a question: add the key to the agent (\`ssh-add\`), or name it in ~/.ssh/config.`,
  },
] as const

/** The Failure of a command on a machine, told by what ran there rather than by what took it there. */
export function remoteFailure(failure: Failure, { node, login, program }: RemotePlace): Failure {
  const { code, message, kind, hint } = failure
  const about = { subject: node, cause: failure, ...(code === undefined ? {} : { code }) }
  if (code === ownFailure) {
    const cause = causes.find(({ words }) => words.test(message))
    if (cause !== undefined) {
      const permanent = { kind: 'permanent', hint: cause.hint(login) } as const
      return new Failure(`${node} (${login}) ${cause.what}: ${message}`, { ...about, ...permanent })
    }
    return new Failure(`${node} (${login}) cannot be reached: ${message}`, {
      ...{ ...about, kind: 'transient' },
      hint: `Let \`ssh ${login}\` work from here: is the machine on, and is this address in \`firewall.admin\`?`,
    })
  }
  if (/ exited with code 1: sudo: /.test(message)) {
    return new Failure(`${login} may not become root without a password: ${message}`, {
      ...{ ...about, kind: 'permanent' },
      hint: `The images let ${login.split('@')[0]} do that (/etc/sudoers.d); let this machine do it too.`,
    })
  }
  return new Failure(`${program} on ${node} ${message.replace(/^\S+ /, '')}`, { ...about, kind, hint })
}

function hostOf(login: string): string {
  return login.slice(login.indexOf('@') + 1)
}
