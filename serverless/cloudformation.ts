/** A part of a template: plain data, as YAML and JSON know it. Undefined fields are left out. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value | undefined }

/** Resources of a template by logical id. */
export type Resources = Readonly<Record<string, Resource>>

export interface Resource {
  readonly Type: string
  readonly [key: string]: Value | undefined
}

/** `Ref`: the name, or the ARN, of another resource of the template. */
export function ref(logicalId: string): Value {
  return { Ref: logicalId }
}

/** `Fn::GetAtt`. */
export function attribute(logicalId: string, name: string): Value {
  return { 'Fn::GetAtt': [logicalId, name] }
}

/** A value that CloudFormation knows, within `Fn::Sub`: `pseudo('Region')`. */
function pseudo(name: 'Partition' | 'Region' | 'AccountId'): string {
  return `\${AWS::${name}}`
}

/** An ARN in the stack's account; `region` is the stack's own without one, and empty where the service knows none. */
export function arn(service: string, resource: string, region = pseudo('Region')): Value {
  return { 'Fn::Sub': ['arn', pseudo('Partition'), service, region, pseudo('AccountId'), resource].join(':') }
}

/** The host name of one of Amazon's services in the stack's region, by which policies know it. */
export function serviceHost(service: string): Value {
  return { 'Fn::Sub': `${service}.${pseudo('Region')}.amazonaws.com` }
}

/** The name of one of Amazon's services for an endpoint in the stack's region. */
export function endpointService(service: string): Value {
  return { 'Fn::Sub': `com.amazonaws.${pseudo('Region')}.${service}` }
}

/** ARN of a bucket, or of keys in it. */
export function bucketArn(bucket: string, keys?: string): Value {
  return { 'Fn::Sub': `arn:${pseudo('Partition')}:s3:::${bucket}${keys === undefined ? '' : `/${keys}`}` }
}

/** ARN of what Step Functions does by itself, such as `lambda:invoke`. */
export function integration(name: string): Value {
  return { 'Fn::Sub': `arn:${pseudo('Partition')}:states:::${name}` }
}

/** Why a rule of checkov does not count for a resource; checkov reads it from the resource's metadata. */
export function unlessChecked(...skips: readonly (readonly [id: string, comment: string])[]): { Metadata: Value } {
  return { Metadata: { checkov: { skip: skips.map(([id, comment]) => ({ id, comment })) } } }
}

/** `second-region` as `SecondRegion`. */
export function logicalId(...names: readonly string[]): string {
  return names
    .flatMap((name) => name.split(/[^A-Za-z0-9]+/))
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}
