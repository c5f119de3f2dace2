# Runs a build command so that it can write to some folders only. Linux only. Usage:
#   unshare --mount sh confine.sh 0 0 PATH WORK FOLDER... COMMAND                              as root
#   unshare --user --map-root-user --mount sh confine.sh UID GID PATH WORK FOLDER... COMMAND  as others
# In this mount namespace all file systems are read-only, but each +FOLDER can be written to. A -FOLDER cannot, although
# it is inside of one that can. COMMAND runs in the folder WORK with the variable PATH. It cannot undo this: root
# loses its rights on mounts, devices and other processes, anybody else is in a user namespace of its own.
# Exit status 125: this machine refuses.
set -euf
uid=$1 gid=$2 path=$3 work=$4
shift 4
# Nothing that a package put on the command's PATH may run here.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
refused() {
  echo "fusionizer: build commands cannot be confined: $1" >&2
  exit 125
}
mounts=$(cat /proc/self/mountinfo)
newline='
'
folders=$newline locked=
while [ $# -gt 1 ]; do
  folder=${1#?}
  mount --rbind "$folder" "$folder" || refused "no bind mount at $folder"
  folders=$folders$folder$newline
  case $1 in -*) locked=$locked$folder$newline ;; esac
  shift
done
command=$1
[ ! -d /dev/shm ] || mount -t tmpfs -o mode=1777 fusionizer /dev/shm || refused 'no tmpfs'
# Root's files belong to nobody in a user namespace, and ssh refuses to include such files.
[ "$uid" = 0 ] || [ ! -d /etc/ssh/ssh_config.d ] || mount -t tmpfs fusionizer /etc/ssh/ssh_config.d || refused 'no tmpfs'

read_only() {
  # What was given to an outer namespace has to be given again: nosuid and its like.
  mount -c -o "remount,bind,ro$2" none "$1" || [ ! -e "$1" ] || refused "$1 stays writable"
}
# mountinfo: id, parent, device, root, mount point, options, ..., "-", type, source, options
read_only_line() {
  point=$5 options=$6
  case $options in ro | ro,*) return ;; esac
  case " $* " in *' - autofs '*) return ;; esac
  case $point in
    # Without root's rights nothing in there can be changed, and a user namespace is made by writing to /proc.
    /proc | /proc/* | /sys | /sys/*) [ "$uid" = 0 ] || return 0 ;;
    *\\*) point=$(printf "$point.") && point=${point%.} ;;
  esac
  # Devices, and one mount for each controller of control groups.
  case $point in /dev/* | /sys/fs/cgroup/*) return ;; esac
  case $folders in *"$newline$point$newline"*) return ;; esac
  read_only "$point" "${options#rw}"
}
IFS=$newline
for folder in $locked; do read_only "$folder" ,nosuid,nodev; done
for line in $mounts; do
  unset IFS
  read_only_line $line
done
unset IFS

cd "$work"
export PATH="$path"
if [ "$uid" = 0 ]; then
  rights=-sys_admin,-sys_ptrace,-sys_module,-sys_rawio,-sys_boot,-sys_time,-mknod
  exec /usr/bin/setpriv --bounding-set="$rights" /bin/sh -c "$command"
fi
exec /usr/bin/unshare --user --map-user="$uid" --map-group="$gid" /bin/sh -c "$command"
