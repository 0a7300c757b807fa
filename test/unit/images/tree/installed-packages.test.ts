import { expect, test } from 'vitest'
import { installedPackages } from '../../../../functions/images/tree/installed-packages.ts'

const status = `Package: libc6
Status: install ok installed
Priority: optional
Architecture: amd64
Multi-Arch: same
Source: glibc
Version: 2.41-12
Conffiles:
 /etc/ld.so.conf.d/x86_64-linux-gnu.conf d4e7a7b88a71b5ffd9e2644e71a0cfab
Description: GNU C Library: Shared libraries
 Version: not this one
 .
 Package: nor this

Package: postgresql-17
Status: install ok installed
Architecture: amd64
Source: postgresql-17 (17.11-0+deb13u1)
Version: 17.11-0+deb13u1+b1
Description: server

Package: chrony
Status: deinstall ok config-files
Architecture: amd64
Version: 4.6-1

Package: adduser
Status: install ok installed
Architecture: all
Version: 3.152
`

test('what is installed, with the source that its security notices are about, sorted by name', () => {
  expect(installedPackages(status)).toEqual([
    { name: 'adduser', version: '3.152', architecture: 'all', source: 'adduser', sourceVersion: '3.152' },
    { name: 'libc6', version: '2.41-12', architecture: 'amd64', source: 'glibc', sourceVersion: '2.41-12' },
    {
      ...{ name: 'postgresql-17', version: '17.11-0+deb13u1+b1', architecture: 'amd64' },
      ...{ source: 'postgresql-17', sourceVersion: '17.11-0+deb13u1' },
    },
  ])
})

test('a tree without dpkg has no packages', () => {
  expect(installedPackages('')).toEqual([])
})
