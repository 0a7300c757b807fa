import type { S3Data } from '../../sandbox/data.ts'

/**
 * A stock S3 client as the parts of a pipeline. The scripts read the environment: $TARGET is bucket/key of an object, or of a
 * folder; $FILES is a local file or directory.
 */
export interface Uploader {
  name: string
  program: string
  versionArgs: readonly string[]
  env: (s3: S3Data) => Record<string, string>
  uploadPipe: string
  uploadDirectory: string
  downloadFile: string
  downloadDirectory: string
}

/** Those that are tried; one that is not installed is left out. */
export const uploaders: readonly Uploader[] = [
  {
    name: 'rclone',
    program: 'rclone',
    versionArgs: ['version'],
    env: ({ env, endpoint, region }) => ({
      ...env,
      RCLONE_CONFIG: '/dev/null',
      // It would wait a second for "100 Continue" before every part, which the S3 server here does not send.
      RCLONE_EXPECT_CONTINUE_TIMEOUT: '0',
      RCLONE_CONFIG_BENCH_TYPE: 's3',
      RCLONE_CONFIG_BENCH_PROVIDER: 'Other',
      RCLONE_CONFIG_BENCH_ENV_AUTH: 'true',
      RCLONE_CONFIG_BENCH_ENDPOINT: endpoint,
      RCLONE_CONFIG_BENCH_REGION: region,
      RCLONE_CONFIG_BENCH_NO_CHECK_BUCKET: 'true',
    }),
    uploadPipe: 'rclone rcat "bench:$TARGET"',
    uploadDirectory: 'rclone copy "$FILES" "bench:$TARGET"',
    downloadFile: 'rclone copyto "bench:$TARGET" "$FILES"',
    downloadDirectory: 'rclone copy "bench:$TARGET" "$FILES"',
  },
  {
    name: 'aws s3 cp',
    program: 'aws',
    versionArgs: ['--version'],
    env: ({ env, region }) => ({ ...env, AWS_DEFAULT_REGION: region, AWS_CONFIG_FILE: '/dev/null' }),
    uploadPipe: 'aws s3 cp --quiet - "s3://$TARGET"',
    uploadDirectory: 'aws s3 cp --quiet --recursive "$FILES" "s3://$TARGET"',
    downloadFile: 'aws s3 cp --quiet "s3://$TARGET" "$FILES"',
    downloadDirectory: 'aws s3 cp --quiet --recursive "s3://$TARGET" "$FILES"',
  },
]
