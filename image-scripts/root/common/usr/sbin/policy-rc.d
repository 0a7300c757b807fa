#!/bin/sh
# Asked by the scripts of packages before they touch a service. While updates install themselves, the services that applications
# depend on stay as they are, whichever package is updated; what a person installs restarts them as usual.
[ -n "${BALLAST_UNATTENDED-}" ] || exit 0
while [ "${1#--}" != "${1-}" ]; do shift; done
case ${1-} in
  postgresql* | pgbouncer* | docker* | containerd*) ;;
  *) exit 0 ;;
esac
case ${2-} in
  *restart* | *stop* | force-reload) exit 101 ;;
esac
exit 0
