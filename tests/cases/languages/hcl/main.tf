# Netz für jede Umgebung
terraform {
  required_version = ">= 1.5"
}

resource "aws_vpc" "main" {
  cidr_block = var.cidr
  tags       = { Name = local.name }
  dynamic "route" {
    for_each = local.routes
    content {
      target = upper(route.value)
    }
  }
}

data "aws_region" "current" {}

variable "cidr" {
  type    = string
  default = "10.0.0.0/16"
}

locals {
  name   = "weather"
  routes = [for zone in var.zones : zone.id]
}

module "network" {
  source = "./modules/network"
  vpc_id = aws_vpc.main.id
}

output "vpc_id" {
  value = module.network.id
}
