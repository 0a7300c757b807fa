import { builders } from './builders.ts'
import { flag, integer, optional, preset, text } from './leaf.ts'
import { when } from './quantity.ts'
import { list, oneOf, section } from './section.ts'
import { serverName, slug } from './texts.ts'

const PUBLIC_KEY =
  /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/=]{40,}( [^\p{Cc}]{1,100})?$/u

const firstBoot = section({
  /** Public keys that may log in, beside those that the cloud hands over. */
  adminKeys: preset(
    list(
      text({
        example: 'ssh-ed25519 AAAA... ana',
        is: 'a public SSH key (ed25519 or ecdsa)',
        matches: (raw) => PUBLIC_KEY.test(raw),
      }),
    ),
    [],
  ),
  locale: preset(
    text({ example: 'C.UTF-8', is: 'a UTF-8 locale', matches: (raw) => /^[A-Za-z_]{1,8}\.UTF-8$/.test(raw) }),
    'C.UTF-8',
  ),
  /** Time servers; the distribution's own where it is empty. */
  ntpServers: preset(list(serverName('a.st1.ntp.br')), []),
})

/** The golden images. */
export const images = section({
  base: preset(oneOf('debian-13', 'ubuntu-24.04'), 'debian-13'),
  /** Image names start with it. */
  prefix: preset(slug('ballast'), 'ballast'),
  builders: preset(builders, {}),
  /** When security updates are installed. They never restart postgres, pgbouncer or docker by themselves. */
  securityUpdates: preset(when('daily at 04:00'), 'daily at 04:00'),
  /** Whether the kernel's updates may reboot the docker node at that time. Database nodes never reboot by themselves. */
  rebootDocker: preset(flag(), false),
  firstBoot: preset(firstBoot, {}),
  /** Which store keeps published images; the first one where it is left out. They hold no secret, and are not encrypted. */
  store: optional(slug('main')),
  /** Old images kept per role and builder, beside those in use. */
  keep: preset(integer(1, 100, 5), 5),
})
