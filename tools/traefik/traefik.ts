import { buildGoProgram, findBuilt, type GoProgram } from '../machine/go-program.ts'

/** The Traefik of the default definition. It takes minutes to build, so only `npm run test:traefik` does. */
const traefik: GoProgram = {
  name: 'traefik',
  version: 'v3.5.3',
  moduleDirectory: import.meta.dirname,
  package: 'github.com/traefik/traefik/v3/cmd/traefik',
  buildArgs: ['build', '-trimpath', '-ldflags', '-s -w'],
}

/** Path of the Traefik that go.mod pins, built now if it has to be. */
export async function pinnedTraefik(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return (await findBuilt(traefik, env)) ?? (await buildGoProgram(traefik, env))
}
