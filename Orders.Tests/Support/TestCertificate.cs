using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orders.Tests.Support;

/// <summary>A certificate for localhost that signs itself, in a file of its own.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _hash;

    public TestCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _hash = certificate.GetCertHashString();
        Directory.CreateDirectory(_folder.Data);
        Setting = $"--Kestrel:Certificates:Default:Path={Path.Combine(_folder.Data, "certificate.pfx")}";
        File.WriteAllBytes(Path.Combine(_folder.Data, "certificate.pfx"), certificate.Export(X509ContentType.Pkcs12));
    }

    /// <summary>The service's, as an argument.</summary>
    public string Setting { get; }

    /// <summary>Trusts this certificate alone.</summary>
    public SslClientAuthenticationOptions Trust(params List<SslApplicationProtocol> protocols) => new()
    {
        TargetHost = "localhost",
        ApplicationProtocols = protocols.Count == 0 ? null : protocols,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == _hash,
    };

    public void Dispose() => _folder.Dispose();
}
