using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Orders.Api.Configuration;
using Orders.Application;

namespace Orders.Tests.Configuration;

/// <summary>The settings under <c>Kestrel:Limits</c> work by the framework's names, or are refused.</summary>
internal sealed class KestrelLimitsTests
{
    [Test]
    public void By_default_there_are_as_many_connections_as_the_descriptors_leave_room_for([Values(500, 1024, 4096)] int descriptors) =>
        Assert.That(Limits(descriptors).Connections, Is.EqualTo(descriptors - 432));

    [TestCase(null, 10_000)]
    [TestCase(1_048_576, 10_000)]
    [TestCase(448, 16)]
    public void However_few_or_many_the_descriptors_are_the_connections_have_bounds(int? descriptors, int connections) =>
        Assert.That(Limits(descriptors).Connections, Is.EqualTo(connections));

    [TestCase(447)]
    [TestCase(64)]
    public void Fewer_descriptors_than_the_service_needs_are_refused(int descriptors) =>
        Assert.That(() => Limits(descriptors), Throws.TypeOf<StartupException>().With.Message.Contains($"{descriptors} files").And.Message.Contains("needs 448"));

    [TestCase("Host=x;Maximum Pool Size=200", 1024 - 400 - 200)]
    [TestCase("Host=x;max pool size=8", 1024 - 400 - 8)]
    [TestCase("nonsense", 1024 - 432)]
    public void The_pool_of_the_database_has_its_share(string connectionString, int connections) =>
        Assert.That(Limits(1024, ("ConnectionStrings:Orders", connectionString)).Connections, Is.EqualTo(connections));

    [Test]
    public void Every_kind_of_limit_is_taken()
    {
        var kestrel = new KestrelServerOptions();
        KestrelLimits limits = Limits(
            null, ("Kestrel:Limits:MaxConcurrentConnections", "50"), ("Kestrel:Limits:KeepAliveTimeout", "00:00:20"), ("Kestrel:Limits:RequestHeadersTimeout", "5"),
            ("Kestrel:Limits:MaxRequestHeaderCount", "7"), ("kestrel:limits:maxrequestlinesize", "4096"), ("Kestrel:Limits:Http2:MaxStreamsPerConnection", "9"),
            ("Kestrel:Limits:MinResponseDataRate:BytesPerSecond", "1000"), ("Kestrel:Limits:MinRequestBodyDataRate", ""));
        limits.Apply(kestrel);
        Assert.That(limits.Connections, Is.EqualTo(50));
        Assert.That((kestrel.Limits.KeepAliveTimeout.TotalSeconds, kestrel.Limits.RequestHeadersTimeout.TotalSeconds), Is.EqualTo((20, 5)));
        Assert.That((kestrel.Limits.MaxRequestHeaderCount, kestrel.Limits.MaxRequestLineSize, kestrel.Limits.Http2.MaxStreamsPerConnection), Is.EqualTo((7, 4096, 9)));
        Assert.That((kestrel.Limits.MinResponseDataRate!.BytesPerSecond, kestrel.Limits.MinResponseDataRate.GracePeriod.TotalSeconds), Is.EqualTo((1000, 5)));
        Assert.That(kestrel.Limits.MinRequestBodyDataRate, Is.Null);
        Assert.That(kestrel.Limits.MaxRequestBodySize, Is.EqualTo(16 * 1024));
        Assert.That(kestrel.Limits.MaxConcurrentConnections, Is.Null, "Kestrel would close what is to wait.");
    }

    [TestCase("MaxConcurentConnections", "5", "is not a setting", "MaxConcurrentConnections")]
    [TestCase("Http2:MaxStreams", "5", "is not a setting", "MaxStreamsPerConnection")]
    [TestCase("MinResponseDataRate:Bytes", "5", "is not a setting", "BytesPerSecond")]
    [TestCase("MaxConcurrentConnections", "many", "is 'many'.", "whole number")]
    [TestCase("MaxConcurrentConnections", "0", "is '0'.", "positive")]
    [TestCase("MaxConcurrentConnections", "99999999999999999999", "is '99999999999999999999'.", "whole number")]
    [TestCase("KeepAliveTimeout", "soon", "is 'soon'.", "duration")]
    [TestCase("KeepAliveTimeout", "0", "is '0'.", "positive")]
    [TestCase("MinResponseDataRate", "240", "is '240'.", "BytesPerSecond")]
    [TestCase("MinResponseDataRate:GracePeriod", "0.5", "can't be", "greater than 1 second")]
    [TestCase("MaxRequestBodySize", "100000", "can't be set", "16 KiB")]
    [TestCase("MaxConcurrentConnections", "2000", "is '2000'", "at most 592")]
    public void What_can_not_be_is_refused_by_name(string name, string value, string said, string remedy)
    {
        StartupException? refusal = Assert.Throws<StartupException>(() => Limits(1024, ($"Kestrel:Limits:{name}", value)));
        Assert.That(refusal?.Message, Does.StartWith($"Kestrel:Limits:{name.Split(':')[0]}").And.Contain(said).And.Contain(remedy).And.Not.Contain("\n"));
    }

    [TestCase("Max open files            1024                 524288               files     ", 1024)]
    [TestCase("Max open files            unlimited            unlimited            files     ", null)]
    [TestCase("Max processes             5                    5                    processes ", null)]
    public void The_limit_is_the_soft_one(string line, int? limit) => Assert.That(DescriptorLimit.Find(["Limit Soft Limit", line]), Is.EqualTo(limit));

    private static KestrelLimits Limits(int? descriptors, params (string Key, string Value)[] settings) => KestrelLimits.From(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build(), descriptors);
}
