# frozen_string_literal: true
# Wetterstation für Höhenlagen: „Ωmega“.

require "json"
require_relative "../lib/units"
autoload :Scale, "weather/scale"

# What measures.
module Weather
  # Inner comments belong to the body.
  module Core::Parts
    VERSION = "1.0".freeze
    LOW, HIGH = 0, 9
    class Error < StandardError; end
    Point = Struct.new(:x, :y) do
      def distance; end
    end

    # One probe.
    class Probe < Base::Part
      # Comments before the first member.
      include Comparable, Enumerable
      extend Forwardable

      attr_accessor :name, :pin
      attr_reader "label"
      @@all = []

      # Makes one.
      def initialize(name, pin = 3, *rest, key:, scale: 1, **options, &block)
        # Says nothing.
        @name = name
        @values ||= []
        @name = name.to_s
        local = Probe.new
      end

      def self.create(name) = new(name)

      class << self
        def build; end
      end

      def ==(other) = name == other.name
      def name=(value); end
      def ready?; end
      alias_method :called, :name
      alias older name
      private def secret; end
      define_method(:dynamic) { |value| value }
    end
  end
end

class Weather::Station
  prepend Weather::Core
  def run
    @started = true
  end
end

def helper(value)
  value
end

$started = false

describe Weather do
  let(:probe) { Weather::Probe.new }
  it("measures") { expect(probe).to be_ready }
end
