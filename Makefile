# Names commands; what they do stands in setup/, xtask/ and the sources.
.DEFAULT_GOAL := help
.PHONY: help run test bench pictures

help: ## lists the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: ## installs what is missing, builds, makes the demo district and serves it
	@setup/setup.sh run
	@setup/run.sh

test: ## the whole suite, real PostGIS and real Chromium included
	@setup/setup.sh test
	@setup/test.sh

bench: ## measures everything and rewrites BENCHES.md
	@setup/setup.sh run
	@setup/bench.sh

pictures: ## makes the pictures of the README from the running demo district
	@setup/setup.sh test
	@setup/pictures.sh
