#!/bin/bash
# Lets every start of PostgreSQL tune it to the machine: the service is started by PostgreSQL's, and by nothing else.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

load_settings
[[ -x /usr/local/sbin/ballast-tune ]] || fail '/usr/local/sbin/ballast-tune is missing: install-files lays it'
# Huge pages are the tuner's alone; a number from elsewhere would be taken from PostgreSQL at every boot.
if grep --quiet --no-messages --recursive '^[^#]*vm\.nr_hugepages' /etc/sysctl.conf /etc/sysctl.d; then
  fail 'vm.nr_hugepages is set in /etc/sysctl.d: take it out, the tuner reserves huge pages'
fi
