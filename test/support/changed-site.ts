import type { Site } from '../../handover/sites/site.ts'

/** A site of which a test has changed something; all else is the site's own. */
export function changedSite(site: Site, changes: Partial<Site>): Site {
  return new Proxy(site, {
    get: (target, key) => {
      const value: unknown = Reflect.get(key in changes ? changes : target, key)
      return typeof value === 'function' && !(key in changes) ? value.bind(target) : value
    },
  })
}
