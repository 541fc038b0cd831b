class Station
  def sum(probes, start = 0, *rest, limit:, unit: :c, **options, &block)
    total, count = start, 0
    total += 1
    probes.each { |probe, (low, high)| probe.read(low) }
    probes.each_with_index do |item, index|
      item&.reset
      @last = item
    end
    for pin in 1..3 do puts pin end
    scale = ->(value) { value * LIMIT }
    begin
      Weather::Core.reset(@values)
    rescue Timeout::Error => error
      warn error.message
    end
    case total
    when Integer then helper total
    end
    options[:a] = "#{total} #{$started}"
    self.class.name
    yield total
    self.label = rest
    super
  end
end
