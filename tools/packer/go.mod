module ballast/tools/packer

go 1.26.3

tool github.com/hashicorp/packer

require github.com/hashicorp/packer v1.16.0

// Packer's own module says the same; a replacement counts only in the module that is built.
replace github.com/zclconf/go-cty => github.com/nywilken/go-cty v1.13.3
