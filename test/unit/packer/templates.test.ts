import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { definitionHash } from '../../../config/index.ts'
import { BUILDERS } from '../../../packer/builders/all.ts'
import { NEWER_KEYS } from '../../../packer/legacy-keys.ts'
import { renderTemplates } from '../../../packer/render.ts'
import { IMAGE_ROLES } from '../../../packer/roles.ts'
import { referenceCluster, sampleCluster } from '../../support/definitions.ts'
import { renderedText, sourceOf, template } from '../../support/packer-template.ts'

const directory = join(import.meta.dirname, '../../../packer/templates')
const reference = await referenceCluster()
const pairs = IMAGE_ROLES.flatMap((role) => BUILDERS.map((builder) => ({ role, builder: builder.name })))

test('three roles on six builders make eighteen directories', () => {
  const directories = new Set(
    renderTemplates(reference, 'ballast.config.ts').flatMap(({ path }) => /^(.*)\/image\.pkr\.json$/.exec(path)?.[1] ?? []),
  )
  expect([...directories].sort()).toEqual(pairs.map(({ role, builder }) => `${role}/${builder}`).sort())
  expect(directories.size).toBe(18)
})

test('the committed templates are what the reference definition makes, byte for byte, and nothing else is there', () => {
  const rendered = renderTemplates(reference, 'ballast.config.ts')
  const committed = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const { path, text, executable } of rendered) {
    expect(readFileSync(join(directory, path), 'utf8'), path).toBe(text)
    expect((statSync(join(directory, path)).mode & 0o111) !== 0, path).toBe(executable)
  }
  expect(committed).toHaveLength(rendered.length)
})

test('the order in which a definition is written changes nothing', () => {
  const turned = Object.fromEntries(Object.entries(reference).toReversed()) as unknown as typeof reference
  expect(renderTemplates(turned, 'ballast.config.ts')).toEqual(renderTemplates(reference, 'ballast.config.ts'))
})

test.each(pairs)('$role on $builder names its source, and ends with a newline', ({ role, builder }) => {
  for (const file of ['image', 'plugins']) {
    const text = renderedText(reference, `${role}/${builder}/${file}.pkr.json`)
    expect(text).toMatch(/^\{\n {2}"\/\/": "Made by `ballast images render` from ballast\.config\.ts; /)
    expect(text.endsWith('}\n')).toBe(true)
  }
})

test.each(pairs)('$role on $builder uploads, then bakes', ({ role, builder }) => {
  const steps = template(reference, role, builder).build.provisioner.map((step) => JSON.stringify(step))
  expect(steps).toHaveLength(4)
  expect(steps[1]).toContain('local.image_scripts')
  expect(steps[2]).toContain('../root')
  expect(steps[3]).toContain(`bash /tmp/ballast/image-scripts/bake.sh ${role}"`)
})

test.each(pairs)('$role on $builder says where it comes from, in tags and in the manifest', ({ role, builder }) => {
  const { build } = template(reference, role, builder)
  const manifest = build['post-processor'].flatMap((step) => (step.manifest === undefined ? [] : [step.manifest]))
  const tags = {
    'ballast-cluster': 'shop',
    'ballast-role': role,
    'ballast-definition': definitionHash(reference).slice(0, 40),
    'ballast-commit': expect.stringContaining('var.commit'),
    'ballast-base': expect.stringMatching(/\$\{var\.\w+\}/),
    'ballast-date': expect.stringContaining('local.stamp'),
  }
  expect(manifest).toEqual([expect.objectContaining({ custom_data: tags })])
})

test.each(pairs)('$role on $builder pins its plugin, and Packer', ({ role, builder }) => {
  const { packer } = JSON.parse(renderedText(reference, `${role}/${builder}/plugins.pkr.json`))
  const plugins = Object.values(packer.required_plugins)
  expect(plugins).toEqual([{ source: expect.any(String), version: expect.stringMatching(/^= \d+\.\d+\.\d+$/) }])
  expect(packer.required_version).toBe('>= 1.11.0')
})

test.each(pairs)('$role on $builder in the form for 1.6.6 has no plugins and no newer key', ({ role, builder }) => {
  const paths = renderTemplates(reference, 'ballast.config.ts', 'legacy').map(({ path }) => path)
  const current = sourceOf(reference, role, builder)
  const legacy = sourceOf(reference, role, builder, 'legacy')
  const newer = NEWER_KEYS[builder] ?? []
  expect(paths).not.toContain(`${role}/${builder}/plugins.pkr.json`)
  expect(Object.keys(current)).toEqual(expect.arrayContaining([...newer]))
  expect(Object.keys(legacy)).toEqual(Object.keys(current).filter((key) => !newer.includes(key)))
})

test.each(BUILDERS.filter(({ name }) => name !== 'qemu').map(({ name }) => name))(
  'without %s in the definition its account details are variables that every build must be given',
  (builder) => {
    const given = template(reference, 'primary', builder)
    const left = template(sampleCluster(), 'primary', builder)
    expect(Object.keys(left.variable)).toEqual(Object.keys(given.variable))
    expect(left.source[builder]?.primary).toEqual(
      expect.objectContaining({ ...given.source[builder]?.primary, ...tagsOf(left.source[builder]?.primary) }),
    )
    const open = Object.entries(left.variable).flatMap(([name, { default: preset }]) => (preset === undefined ? [name] : []))
    expect(open.length).toBeGreaterThan(2)
    expect(open.filter((name) => !['commit', 'date', 'network'].includes(name)).length).toBeGreaterThan(1)
  },
)

/** What differs between two definitions by their hash alone. */
function tagsOf(source: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => JSON.stringify(value).includes('ballast-definition')))
}
