// Its text does not matter: saving it starts the build.
