"""The parts of `build_catalog.py`: one reader per open catalogue, each giving claims, and the merge of the claims."""
