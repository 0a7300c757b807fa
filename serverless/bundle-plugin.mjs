import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ballast = fileURLToPath(new URL('../bin/ballast', import.meta.url))

/**
 * Makes the bundles before the Serverless Framework packages them, so that what is deployed is what the sources and the
 * definition say now; stops when serverless.yml is not what the definition makes.
 */
export default class BundlePlugin {
  constructor(serverless) {
    const bundle = () => {
      const { definition } = serverless.service.custom.ballast
      const options = { cwd: serverless.serviceDir, stdio: ['ignore', 'inherit', 'inherit'] }
      execFileSync(ballast, ['serverless', 'bundle', '--quiet', '--config', definition], options)
    }
    this.hooks = {
      'before:package:createDeploymentArtifacts': bundle,
      'before:package:function:package': bundle,
    }
  }
}
