import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { makeSbom, type SbomRequest } from '../../../functions/images/sbom/make-sbom.ts'
import { sbomPython } from '../../../functions/images/sbom/sbom-python.ts'
import { validateSbom } from '../../../functions/images/sbom/validate-sbom.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'

const status = `Package: dpkg
Essential: yes
Status: install ok installed
Priority: required
Section: admin
Maintainer: Dpkg Developers <debian-dpkg@lists.debian.org>
Architecture: amd64
Version: 1.22.21
Description: Debian package management system

Package: libc6
Status: install ok installed
Priority: optional
Section: libs
Maintainer: GNU Libc Maintainers <debian-glibc@lists.debian.org>
Architecture: amd64
Source: glibc
Version: 2.41-12
Homepage: https://www.gnu.org/software/libc/libc.html
Description: GNU C Library: Shared libraries

Package: pgbouncer
Status: install ok installed
Priority: optional
Section: database
Maintainer: Debian PostgreSQL Maintainers <team+postgresql@tracker.debian.org>
Architecture: amd64
Version: 1.24.1-1
Depends: libc6 (>= 2.38)
Description: lightweight connection pooler for PostgreSQL

Package: removed-tool
Status: deinstall ok config-files
Priority: optional
Section: admin
Maintainer: Nobody <nobody@example.com>
Architecture: amd64
Version: 1.0
Description: gone
`

const bom = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  serialNumber: z.string(),
  metadata: z.object({
    component: z.object({ name: z.string(), version: z.string() }),
    properties: z.array(z.object({ name: z.string(), value: z.string() })),
  }),
  components: z.array(z.object({ 'bom-ref': z.string(), purl: z.string(), licenses: z.array(z.looseObject({})).optional() })),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).optional() })),
})

const root = freshDirectory()
let python: string

beforeAll(async () => {
  python = await sbomPython(process.env)
}, 300_000)

beforeEach(async () => {
  await mkdir(join(root(), 'var/lib/dpkg'), { recursive: true })
  await writeFile(join(root(), 'var/lib/dpkg/status'), status)
  await writeFile(join(root(), 'var/lib/dpkg/arch-native'), 'amd64\n')
  await mkdir(join(root(), 'usr/share/doc/libc6'), { recursive: true })
  await writeFile(
    join(root(), 'usr/share/doc/libc6/copyright'),
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: 1991 FSF\nLicense: LGPL-2.1+\n',
  )
})

function request(): SbomRequest {
  return {
    ...{
      root: root(),
      name: 'ballast-shop-primary-20261122',
      distribution: 'debian-13',
      bakedAt: '2026-11-22T06:00:00Z',
      python,
    },
    origin: { cluster: 'shop', role: 'primary', builder: 'qemu', definition: 'a'.repeat(64), commit: 'b'.repeat(40) },
  }
}

const deb = (name: string) => `pkg:deb/debian/${name}`

describe('the SBOM of a tree', () => {
  test('names what is installed, its sources, licences and dependencies, and the image; the same at every run', async () => {
    const text = await makeSbom(request())
    const { metadata, components, dependencies, serialNumber } = bom.parse(JSON.parse(text))
    expect(components.map(({ purl }) => purl).sort()).toEqual(
      [
        ...['dpkg@1.22.21?arch=amd64', 'dpkg@1.22.21?arch=source', 'glibc@2.41-12?arch=source', 'libc6@2.41-12?arch=amd64'],
        ...['pgbouncer@1.24.1-1?arch=amd64', 'pgbouncer@1.24.1-1?arch=source'],
      ].map(deb),
    )
    expect(components.find(({ purl }) => purl === deb('glibc@2.41-12?arch=source'))?.licenses).toEqual([
      { acknowledgement: 'declared', expression: 'LGPL-2.1-or-later' },
    ])
    expect(dependencies.find(({ ref }) => ref === deb('pgbouncer@1.24.1-1?arch=amd64'))?.dependsOn).toEqual([
      deb('libc6@2.41-12?arch=amd64'),
      deb('pgbouncer@1.24.1-1?arch=source'),
    ])
    expect(metadata.component).toEqual({ name: 'ballast-shop-primary-20261122', version: '13' })
    expect(metadata.properties).toEqual([
      { name: 'ballast:cluster', value: 'shop' },
      { name: 'ballast:commit', value: 'b'.repeat(40) },
      { name: 'ballast:definition', value: 'a'.repeat(64) },
      { name: 'ballast:role', value: 'primary' },
    ])
    expect(serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(await makeSbom(request())).toBe(text)
    await expect(validateSbom(python, text.replace('"bomFormat"', '"colour": "blue", "bomFormat"'), 'x')).rejects.toMatchObject(
      {
        ...{ code: 'BadSbom', subject: 'x', message: expect.stringContaining("'colour' was unexpected") },
      },
    )
    await expect(validateSbom(python, text.slice(0, -10), 'x')).rejects.toMatchObject({ code: 'BadSbom' })
  })

  test('is refused where it would break the schema', async () => {
    await writeFile(
      join(root(), 'var/lib/dpkg/status'),
      status.replace('debian-glibc@lists.debian.org', 'https://example.com/'),
    )
    await expect(makeSbom(request())).rejects.toMatchObject({
      ...{ code: 'BadSbom', subject: 'ballast-shop-primary-20261122', message: expect.stringContaining('email') },
    })
  })

  test('is refused where there is no dpkg', async () => {
    await expect(makeSbom({ ...request(), root: join(root(), 'usr') })).rejects.toMatchObject({
      kind: 'permanent',
      hint: expect.stringContaining('with dpkg in it'),
    })
  })
})
