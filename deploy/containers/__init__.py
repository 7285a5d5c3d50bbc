"""What docker-compose.yml needs beside the image, and the script that proves it with podman."""
