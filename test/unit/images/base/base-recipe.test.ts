import { expect, test } from 'vitest'
import { debianRecipe, debstrapArgs, recipeKey } from '../../../../functions/images/base/base-recipe.ts'

const mirror = { archive: 'http://mirror.example/debian', security: 'http://mirror.example/debian-security' }
const gib = 1024 ** 3

test('the order of packages, and naming one twice, change nothing', () => {
  const one = debianRecipe(mirror, ['nftables', 'chrony', 'sudo'], 8 * gib)
  const other = debianRecipe(mirror, ['sudo', 'chrony', 'nftables', 'chrony'], 8 * gib)
  expect(recipeKey(one)).toBe(recipeKey(other))
})

test.each([
  ['a package more', debianRecipe(mirror, ['chrony', 'nftables'], 8 * gib)],
  ['another size', debianRecipe(mirror, ['chrony'], 4 * gib)],
  ['another mirror', debianRecipe({ ...mirror, archive: 'http://other.example/debian' }, ['chrony'], 8 * gib)],
])('%s makes another disk', (_, other) => {
  expect(recipeKey(other)).not.toBe(recipeKey(debianRecipe(mirror, ['chrony'], 8 * gib)))
})

test('packages come from the release, its updates and its security updates', () => {
  const args = debstrapArgs(debianRecipe(mirror, ['chrony'], gib), '/overlay', '/target')
  expect(args.slice(-5)).toEqual([
    'trixie',
    '/target',
    'deb http://mirror.example/debian trixie main',
    'deb http://mirror.example/debian trixie-updates main',
    'deb http://mirror.example/debian-security trixie-security main',
  ])
})

test('the first boot makes the cluster, not the installation', () => {
  const { files } = debianRecipe(mirror, [], gib)
  expect(files['/etc/postgresql-common/createcluster.d/ballast.conf']).toBe('create_main_cluster = false\n')
})
