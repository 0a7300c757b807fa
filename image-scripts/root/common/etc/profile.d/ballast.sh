# No core dumps from sessions; a prompt that nobody uses for an hour is closed.
ulimit -c 0
readonly TMOUT=3600
export TMOUT
