import { imageRequirements } from './image-packages.ts'
import type { Purpose, Requirement } from './requirement.ts'

/** What the machine must have. Node and npm are there already: they started the set-up. */
export const requirements: readonly Requirement[] = [
  {
    package: 'postgresql',
    what: 'PostgreSQL server and client programs',
    programs: ['initdb', 'postgres', 'pg_basebackup', 'psql', 'pg_dump', 'pg_restore', 'pg_amcheck', 'pgbench'],
  },
  { package: 'pgbouncer', what: 'PgBouncer', programs: ['pgbouncer'] },
  { package: 'zstd', what: 'zstd', programs: ['zstd'] },
  {
    package: 'systemd',
    what: 'systemd (to read the units that the timetable makes)',
    programs: ['systemctl', 'systemd-analyze', 'systemd-sysusers', 'systemd-tmpfiles'],
  },
  { package: 'age', what: 'age (to restore encrypted sets by stock tools)', programs: ['age', 'age-keygen'] },
  { package: 'openssl', what: 'openssl (certificates for the TLS tests)', programs: ['openssl'] },
  // Large: 29 s on 2 cores, of which half is the download of 110 MB.
  { package: 'chromium', what: 'Chromium (to look at pages with)', programs: ['chromium'], onlyFor: ['handover', 'test'] },
  {
    package: 'poppler-utils',
    what: 'pdftotext (to read what was printed)',
    programs: ['pdftotext', 'pdfinfo'],
    onlyFor: 'test',
  },
  { package: 'nftables', what: 'nftables (to load the firewall of images)', programs: ['nft'], onlyFor: 'test' },
  { package: 'iputils-ping', what: 'ping', programs: ['ping'], onlyFor: 'test' },
  ...imageRequirements,
  { package: 'shellcheck', what: 'shellcheck (to check the scripts of the images)', programs: ['shellcheck'], onlyFor: 'test' },
  { package: 'shfmt', what: 'shfmt (to check how they are written)', programs: ['shfmt'], onlyFor: 'test' },
  {
    package: 'prometheus-postgres-exporter',
    what: 'the exporter of PostgreSQL (to run it in its sandbox)',
    programs: ['prometheus-postgres-exporter'],
    onlyFor: 'test',
  },
  { package: 'redis-server', what: 'Redis (for the reference application)', programs: ['redis-server'], onlyFor: 'test' },
  { package: 'gpg', what: 'GnuPG (to sign the repositories of the tests)', programs: ['gpg'], onlyFor: 'test' },
  { package: 'lynis', what: 'Lynis (to audit images with)', programs: ['lynis'], onlyFor: 'test' },
  { package: 'rclone', what: 'rclone (to upload with)', programs: ['rclone'], onlyFor: 'bench' },
  {
    package: 'pgbackrest',
    what: 'pgBackRest (to recover to a point in time, and to compare with)',
    programs: ['pgbackrest'],
    onlyFor: ['bench', 'handover', 'test'],
  },
  { package: 'iproute2', what: 'ss (to list what listens)', programs: ['ss'], onlyFor: ['handover', 'test'] },
]

/** The requirements of this run of which a program is missing. */
export function missingRequirements(has: (program: string) => boolean, purpose?: Purpose): Requirement[] {
  const wanted = requirements.filter(({ onlyFor }) => onlyFor === undefined || [onlyFor].flat().some((one) => one === purpose))
  return wanted.filter((requirement) => !requirement.programs.every(has))
}

/** The command that installs Debian packages, as a person would type it. */
export function installCommand(packages: readonly string[], asRoot: boolean): string {
  return `${asRoot ? '' : 'sudo '}apt-get install ${packages.join(' ')}`
}
