import { BASES } from '../pooler-versions.ts'
import { type Rule, repeated, when } from './rule.ts'

const packaged: Rule = {
  needs: ['images.base', 'postgres.version', 'postgres.packages', 'pgbouncer.version'],
  check: ({ images, postgres, pgbouncer }) => {
    const ships = BASES[images.base]
    if (postgres.packages !== 'distribution') return []
    return [
      ...when(
        postgres.version !== ships.postgres,
        'postgres.version',
        `${images.base} ships PostgreSQL ${ships.postgres}, not ${postgres.version}`,
        `write ${ships.postgres}, or packages: 'pgdg'`,
      ),
      ...when(
        pgbouncer.version !== undefined && pgbouncer.version !== ships.pgbouncer,
        'pgbouncer.version',
        `${images.base} ships PgBouncer ${ships.pgbouncer}, not ${pgbouncer.version}`,
        `remove it, or write postgres.packages: 'pgdg'`,
      ),
    ]
  },
}

const pinnedBase: Rule = {
  needs: ['images.builders.qemu'],
  check: ({ images: { builders } }) => [
    ...when(
      builders.qemu.baseImage !== undefined && builders.qemu.checksum === undefined,
      'images.builders.qemu.checksum',
      'is missing for the base image',
      "add checksum: 'sha256:...'",
    ),
    ...when(
      builders.qemu.baseImage === undefined && builders.qemu.checksum !== undefined,
      'images.builders.qemu.baseImage',
      'is missing for the checksum',
      'add its path or remove the checksum',
    ),
  ],
}

const amazonCopies: Rule = {
  needs: ["images.builders['amazon-ebs']", 'region'],
  check: ({ images: { builders }, region }) => {
    const amazon = builders['amazon-ebs']
    if (amazon === undefined) return []
    const path = (index: number) => `images.builders['amazon-ebs'].copyTo[${index}].region`
    return [
      ...repeated(amazon.copyTo, (copy) => copy.region, path, 'name every region once'),
      ...amazon.copyTo.flatMap((copy, index) =>
        when(
          copy.region === (amazon.region ?? region),
          path(index),
          `'${copy.region}' is where the image is baked`,
          'remove it',
        ),
      ),
    ]
  },
}

const namedOnce: Rule = {
  needs: ['images.firstBoot'],
  check: ({ images: { firstBoot } }) => [
    ...repeated(
      firstBoot.ntpServers,
      (name) => name,
      (index) => `images.firstBoot.ntpServers[${index}]`,
      'name every server once',
    ),
    ...repeated(
      // The comment after the key is for people.
      firstBoot.adminKeys.map((key) => key.split(' ')[1]),
      (key) => key,
      (index) => `images.firstBoot.adminKeys[${index}]`,
      'name every key once',
    ),
  ],
}

export const imageRules: readonly Rule[] = [packaged, pinnedBase, amazonCopies, namedOnce]
