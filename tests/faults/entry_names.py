"""The environment variables by which the rig speaks to its processes (see `entry`)."""

POINT = "FAULTS_POINT"
DISK_FULL = "FAULTS_DISK_FULL"
