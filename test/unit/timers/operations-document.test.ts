import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createProgram } from '../../../cli/program.ts'
import { checkCluster } from '../../../config/index.ts'
import { providerProfile } from '../../../functions/platform/object-store/profiles.ts'
import { renderTimers } from '../../../functions/timers/render.ts'
import { changed, sample } from '../config/sample.ts'

const text = readFileSync(new URL('../../../docs/operations-vps.md', import.meta.url), 'utf8')
const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block)

const [whole = '', ...stores] = blocks('json')
const cluster = checkCluster(JSON.parse(whole))

test('the definition is one, and its secrets are those that the text writes', () => {
  const { credentialFiles } = renderTimers(cluster, {
    program: '/opt/ballast/bin/ballast',
    definition: '/etc/ballast/cluster.json',
  })
  expect(credentialFiles).toContain('/etc/ballast/credentials/BACKUP_PASSWORD')
  expect(credentialFiles.every((path) => path.startsWith('/etc/ballast/credentials/'))).toBe(true)
})

test.each(stores.map((store) => [store]))('a store that a definition takes: %s', (store) => {
  const given = JSON.parse(store) as { type: string; region?: string; provider?: string; endpoint?: string; name: string }
  const definition = checkCluster(changed(sample, { region: given.region ?? 'sa-east-1', 'backup.stores': [given] }))
  expect(definition.backup.stores).toMatchObject([{ type: given.type, name: given.name }])
  const { provider, ...guessed } = given
  if (provider !== undefined) expect(providerProfile(guessed as Parameters<typeof providerProfile>[0]).name).toBe(provider)
})

test('every kind of store has an example', () => {
  expect(
    stores
      .map((store) => JSON.parse(store) as { provider?: string; type: string })
      .map(({ provider, type }) => provider ?? type),
  ).toEqual(['s3', 'digitalocean', 'r2', 'hetzner', 'file'])
})

/** The command lines of the text that call Ballast, without what comes before. */
const lines = blocks('sh')
  .flatMap((block) => block.split('\n'))
  .flatMap((line) => /^(?:sudo )?(?:\w+=\S+ )?ballast (.*)$/.exec(line)?.[1] ?? [])

test.each(lines.map((line) => [line]))('ballast %s: command and options exist', (line) => {
  let command = createProgram()
  for (const word of line.split(' ')) {
    if (word.startsWith('-')) expect(command.options.map(({ long }) => long)).toContain(word)
    else command = command.commands.find((candidate) => candidate.name() === word) ?? command
  }
  expect(command.commands).toEqual([])
})

test('every unit that the text names is one of the definition', () => {
  const { files } = renderTimers(cluster, { program: '/opt/ballast/bin/ballast', definition: '/etc/ballast/cluster.json' })
  const made = files.map(({ path }) => path.replace(/.*\//, ''))
  const named = [...text.matchAll(/\bballast-shop-[a-z-]+\.(?:service|timer)\b/g)].map(([name]) => name)
  expect(lines.length).toBeGreaterThan(5)
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((name) => !made.includes(name))).toEqual([])
})
