"""The trial of docker-compose.yml in real containers; try-with-podman.sh prepares and starts it."""
