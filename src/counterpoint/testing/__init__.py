"""What tests need beside the product, and what users may build their own tests on."""
