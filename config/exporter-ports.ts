/** Where the exporters listen in every image, for the monitor's networks. */
export const NODE_EXPORTER_PORT = 9100
/** On database nodes only. */
export const POSTGRES_EXPORTER_PORT = 9187
